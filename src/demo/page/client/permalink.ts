// Slack's links to a message: on the page they lead to it, not out into the world. Pure.

export type MessagePlace = {
  readonly channel: string;
  readonly ts: string;
  /** The first message of its thread, if it is a reply. */
  readonly threadTs: string | undefined;
};

/** `https://acme.slack.com/archives/C…/p1700000000000100?thread_ts=…`; `undefined` if it is none. */
export const readPermalink = (url: string): MessagePlace | undefined => {
  const { hostname, pathname, searchParams } = URL.parse(url) ?? {};
  if (hostname?.endsWith('.slack.com') !== true) return undefined;
  const [, channel, seconds, micros] = /^\/archives\/(\w+)\/p(\d+)(\d{6})$/.exec(pathname ?? '') ?? [];
  if (channel === undefined || seconds === undefined || micros === undefined) return undefined;
  return { channel, ts: `${seconds}.${micros}`, threadTs: searchParams?.get('thread_ts') ?? undefined };
};
