// What a test or the try-out reads from the workspace and changes in it, by the names that people use.

import type { Channel, Person } from './state.ts';
import type { SlackEmulator } from './surface.ts';
import { app, type Workspace } from './workspace.ts';

type Reading = Pick<
  SlackEmulator,
  | 'people'
  | 'channels'
  | 'person'
  | 'channel'
  | 'putPerson'
  | 'putChannel'
  | 'invite'
  | 'kick'
  | 'directMessage'
  | 'messages'
  | 'replies'
  | 'ephemerals'
  | 'message'
  | 'home'
  | 'modal'
  | 'say'
  | 'deleteMessage'
>;

/** References that name nobody throw: they are slips of the caller's. */
export const createReading = (workspace: Workspace): Reading => {
  const person = (ref: string): Person => {
    const known = workspace.person(ref);
    if (known === undefined) throw new Error(`nobody is called ${ref}`);
    return known;
  };
  const channel = (ref: string): Channel => {
    const known = workspace.channel(ref);
    if (known === undefined) throw new Error(`no channel is called ${ref}`);
    return known;
  };
  const without = (known: Channel, member: string) => known.members.filter((each) => each !== member);
  const shown = (ref: string) =>
    workspace.all(channel(ref).id).filter((message) => message.ephemeralTo === undefined);

  return {
    people: workspace.people,
    channels: workspace.channels,
    person,
    channel,
    putPerson: workspace.putPerson,
    putChannel: workspace.putChannel,
    invite: (ref, user = app.botUser) => {
      const known = channel(ref);
      const { id } = person(user);
      workspace.putChannel({ ...known, members: [...without(known, id), id] });
    },
    kick: (ref, user = app.botUser) => {
      const known = channel(ref);
      workspace.putChannel({ ...known, members: without(known, person(user).id) });
    },
    directMessage: (user) => workspace.direct(app.botUser, person(user).id),
    messages: (ref) => shown(ref).filter((message) => message.threadTs === undefined),
    replies: (ref, threadTs) => shown(ref).filter((message) => message.threadTs === threadTs),
    ephemerals: (user, ref) => {
      const { id } = person(user);
      return workspace.all(channel(ref).id).filter((message) => message.ephemeralTo === id);
    },
    message: (ref, ts) => workspace.message(channel(ref).id, ts),
    home: (user) => workspace.views.home(person(user).id),
    modal: (user) => workspace.views.modal(person(user).id),
    say: ({ user, channel: ref, text, threadTs }) =>
      workspace.post({ channel: channel(ref).id, user: person(user).id, text, blocks: [], threadTs }),
    deleteMessage: (ref, ts) => workspace.remove(channel(ref).id, ts),
  };
};
