// What others see of a rig. Its leased address is what we and its host go by; people and browsers may need another one.

/** Part of what a rig knows of its network from its birth on, so that its links never change. */
export type Outside = {
  /** Leased address → the one that a router shows outside for it (1:1 NAT). */
  readonly external?: Readonly<Record<string, string>> | undefined;
  /** The name in links, with `{ip-dashed}` for the address: `rig-{ip-dashed}.lab.example.com`. */
  readonly linkHost?: string | undefined;
};

export const placeholder = '{ip-dashed}';

type Addressed = { readonly address: string; readonly network?: Outside | undefined };

/** The address that others reach it at. */
export const shownAddress = ({ address, network }: Addressed): string =>
  network?.external?.[address] ?? address;

/** What stands in its links. */
export const linkHost = (rig: Addressed): string => {
  const shown = shownAddress(rig);
  return rig.network?.linkHost?.replaceAll(placeholder, shown.replaceAll('.', '-')) ?? shown;
};
