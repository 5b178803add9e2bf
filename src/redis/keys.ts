// The names of all keys of the registry. One hash tag for all, so that a script may touch any of them in a cluster.

import type { HostName, LanId, RigId, UserId } from '../rig/rig.ts';

export type Keys = ReturnType<typeof createKeys>;

/** Host names differ by more than case; encoded, so that no name can look like part of another key. */
export const hostKey = (host: HostName): string => encodeURIComponent(host.toLowerCase());

/** As LANs are named in fields and in parts of keys. */
export const lanKey = (id: LanId): string => encodeURIComponent(id);

export const createKeys = (installation: string) => {
  const all = `{${installation}}:`;
  const rigs = `${all}rig:`;
  const lan = (id: LanId): string => `${all}lan:${encodeURIComponent(id)}:`;
  const host = (name: HostName): string => `${all}host:${hostKey(name)}:`;
  return {
    all,
    /** Start of the keys of `rig`. */
    rigs,
    /** hash: version, body, address, licence, card, indices; use, useAt, useGeneration, usedAt, knownAt */
    rig: (id: RigId) => `${rigs}${id}`,
    /** Start of the one below. */
    claims: `${all}claim:`,
    /** hash: generation, host, lan, address, stopping */
    claim: (id: RigId) => `${all}claim:${id}`,
    /** hash: name → id of the living rig */
    names: `${all}names`,
    /** sorted set: id of each living rig by its creation */
    living: `${all}living`,
    /** sorted set: id of each rig that may still go on, by the moment at which it may stop */
    ends: `${all}ends`,
    /** Start of the one below, for scripts: names of indices hold no space. */
    indexStart: `${all}index:`,
    /** sorted set: host by the how manyth change of any host its last one was */
    hostsTouched: `${all}index:hosts`,
    /** number: changes of hosts so far */
    hostsCount: `${all}index:hosts-count`,
    /** sorted set: id of each living rig that is in this index, by its creation */
    index: (name: string) => `${all}index:${name}`,
    /** hash: id, seq, born: which registry this is */
    epoch: `${all}epoch`,
    /** hash: LAN → since when its hosts are asked what they have; nothing is given out there meanwhile */
    adopting: `${all}adopting`,
    /** hash: host → id of the epoch that has taken in what is there */
    adopted: `${all}adopted`,
    /** string: when leases were last looked at */
    watched: `${all}watched`,
    /** Start of the one below. Slack's ids are letters and digits, so that a script may append one. */
    owners: `${all}owner:`,
    /** sorted set: the same of one person */
    owner: (user: UserId) => `${all}owner:${encodeURIComponent(user)}`,
    /** string: id of the rig that this delivery started */
    request: (trigger: string) => `${all}request:${encodeURIComponent(trigger)}`,
    /** hash: host → its registration without the addresses */
    hosts: `${all}hosts`,
    /** hash: host → when its worker was last heard of, ms */
    seen: `${all}seen`,
    /** hash: host that takes no new rigs → by whom and since when */
    draining: `${all}draining`,
    /** hash: host → the pass that would remove many of its rigs */
    breaker: `${all}breaker`,
    /** hash: host → the pool of licences that it is of */
    licenceHosts: `${all}licences:hosts`,
    /** hash: pool → ids of its licences, with spaces between them */
    licencePools: `${all}licences:pools`,
    /** hash: licence → id of the rig that has it. What counts: a licence in here is nobody else's, whatever host knows it. */
    licencesHeld: `${all}licences:held`,
    /** sorted set: licence by the time of its last release */
    licencesReleased: `${all}licences:released`,
    /** string: the session that has the host's name */
    presence: (name: HostName) => `${all}presence:${hostKey(name)}`,
    /** string: the LAN that the host is on */
    hostLan: (name: HostName) => `${host(name)}lan`,
    /** set: ids of the rigs that have a slot */
    hostRigs: (name: HostName) => `${host(name)}rigs`,
    /** number: rises with each change of one of its rigs; scripts append it to the set's name */
    hostChanges: (name: HostName) => `${host(name)}rigs:changes`,
    /** Start of the one below. */
    surveyStart: `${all}survey:`,
    /** string: all that its worker saw when it last looked */
    survey: (name: HostName) => `${all}survey:${hostKey(name)}`,
    /** hash: RIG.GENERATION of what nobody knows there → when it was first seen */
    sightings: (name: HostName) => `${all}sightings:${hostKey(name)}`,
    /** sorted set: host by the time of its last survey */
    surveys: `${all}surveys`,
    /** list: the last times to ready, newest first */
    hostTook: (name: HostName) => `${host(name)}took`,
    /**
     * set: hosts that are on this LAN. Scripts append to its name: `:by-address`, hash: address → hosts that have it in their
     * range, or had; `:mapped`, set: hosts that are in there.
     */
    lanHosts: (id: LanId) => `${lan(id)}hosts`,
    /** hash: address → id of the rig that has it. What counts: an address in here is nobody else's. */
    lanHeld: (id: LanId) => `${lan(id)}held`,
    /** sorted set: address by the time of its last release */
    lanReleased: (id: LanId) => `${lan(id)}released`,
    /** hash: address → why it is set aside */
    lanQuarantine: (id: LanId) => `${lan(id)}quarantine`,
    /** set: LANs on which an address is set aside */
    quarantinedLans: `${all}quarantined-lans`,
    /** hash: host → what its probes saw */
    strangers: `${all}strangers`,
    /** Start of the three below, for scripts that go through a LAN's hosts. */
    lanHost: (id: LanId) => `${lan(id)}host:`,
    /** set: the addresses of the host's range */
    range: (id: LanId, name: HostName) => `${lan(id)}host:${hostKey(name)}:range`,
    /** set: a range while it is compared with the others */
    rangeDraft: (id: LanId, name: HostName) => `${lan(id)}host:${hostKey(name)}:draft`,
    /** sorted set: those of the range that nobody has, the next one first */
    free: (id: LanId, name: HostName) => `${lan(id)}host:${hostKey(name)}:free`,
    /** sorted set: addresses on which nobody answered, by the moment until which that counts */
    probed: (id: LanId, name: HostName) => `${lan(id)}host:${hostKey(name)}:probed`,
    /** stream: every act, in order; each entry has one field, `entry` */
    audit: `${all}audit`,
    /** list: the last acts about rigs of this name */
    auditOf: (name: string) => `${all}audit:${encodeURIComponent(name)}`,
    /** list: the last acts on this host */
    auditOfHost: (name: HostName) => `${all}audit-host:${hostKey(name)}`,
    /** hash: cause → notice that waits to be told */
    notices: `${all}notices`,
    /** Start of the two below, for a script that goes through them. */
    noticeStart: `${all}notice:`,
    /** string: this notice was told a while ago, or somebody is about to tell it */
    noticeTold: (cause: string) => `${all}notice:${encodeURIComponent(cause)}:told`,
    noticeTaken: (cause: string) => `${all}notice:${encodeURIComponent(cause)}:taken`,
    /** hash: cause → for how long it is not told again, ms */
    noticeQuiet: `${all}notices:quiet`,
    /** hash: session of a bot → until when it counts, and what it says of itself */
    bots: `${all}bots`,
    /** string: what a host answered when the doctor asked it to connect to an address */
    reach: (request: string) => `${all}reach:${encodeURIComponent(request)}`,
    /** string: who probes on this host at the moment */
    doctor: (name: HostName) => `${all}doctor:${hostKey(name)}`,
    /** sorted set: who opened the app's home, by when */
    homes: `${all}homes`,
    /** sorted set: id of each rig with news by the time since when */
    outbox: `${all}outbox`,
    /** list: one rig's news */
    news: (id: RigId) => `${all}outbox:${id}`,
    /** string: who drains it */
    lease: (id: RigId) => `${all}outbox:${id}:lease`,
    /** string: id of the entry that is on its way */
    sending: (id: RigId) => `${all}outbox:${id}:sending`,
  };
};
