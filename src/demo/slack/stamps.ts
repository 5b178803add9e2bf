// Slack's timestamps: seconds and microseconds, strictly rising, so that each is also a message's id.

export type Stamps = () => string;

export const createStamps = (clock: () => number): Stamps => {
  let last = 0;
  return () => {
    last = Math.max(last + 1, Math.floor(clock() * 1000));
    const seconds = Math.floor(last / 1_000_000);
    return `${seconds}.${String(last % 1_000_000).padStart(6, '0')}`;
  };
};
