// Which channels have something that this person has not seen; threads count, since that is where rigs speak.

import { useEffect, useState } from 'preact/hooks';
import type { ShownChannel, Snapshot } from '../snapshot.ts';
import { appDirect, type Where } from './sidebar.tsx';

type Seen = Readonly<Record<string, number>>;

const latest = ({ messages }: ShownChannel): number =>
  Math.max(
    0,
    ...messages.flatMap(({ ts, replies }) => [Number(ts), ...replies.map((reply) => Number(reply.ts))]),
  );

const openIn = (snapshot: Snapshot, where: Where): string | undefined => {
  if (where.kind === 'channel') return where.id;
  return where.tab === 'messages' ? appDirect(snapshot)?.id : undefined;
};

export const useUnread = (snapshot: Snapshot, where: Where): ((channel: ShownChannel) => boolean) => {
  const [seen, setSeen] = useState<Seen>({});
  const open = snapshot.channels.find(({ id }) => id === openIn(snapshot, where));
  const keyOf = ({ id }: ShownChannel): string => `${snapshot.me.id} ${id}`;
  const [key, newest] = open ? [keyOf(open), latest(open)] : [undefined, 0];
  useEffect(() => {
    if (key !== undefined) setSeen((before) => ({ ...before, [key]: newest }));
  }, [key, newest]);
  return (channel) => channel.id !== open?.id && latest(channel) > (seen[keyOf(channel)] ?? 0);
};
