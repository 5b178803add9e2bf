// PURE: reads /proc/net/dev as the kernel writes it: what each interface has received and sent since it is there.

export type NetworkBytes = { readonly received: number; readonly sent: number };

const row = /^\s*([^\s:]+):\s*(\d+(?:\s+\d+){15})\s*$/;

/** Where bytes received and bytes sent stand in a row. */
const [received, sent] = [0, 8];

/** All interfaces but loopback, where our own looks at a rig go; `undefined` if the text is not such a table. */
export const parseNetworkBytes = (text: string): NetworkBytes | undefined => {
  if (!/^\s*face\s*\|bytes/m.test(text)) return undefined;
  const total = { received: 0, sent: 0 };
  for (const line of text.split('\n')) {
    const [, name, figures = ''] = row.exec(line) ?? [];
    if (name === undefined || name === 'lo') continue;
    const columns = figures.split(/\s+/);
    total.received += Number(columns[received]);
    total.sent += Number(columns[sent]);
  }
  return total;
};
