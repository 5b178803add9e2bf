// Lengths of time as people write them (`4h`, `90m`, `1h30m`, `1d`) and as people read them.

/** Milliseconds. */
export type Duration = number;
/** Milliseconds since 1970, by Redis' clock. */
export type Instant = number;

export const second: Duration = 1000;
export const minute: Duration = 60 * second;
export const hour: Duration = 60 * minute;
export const day: Duration = 24 * hour;

const units = { d: day, h: hour, m: minute, s: second } as const;

/** Reads `1d`, `4h`, `1h30m`, `90m`, `20s` (largest unit first); anything else, and nothing at all, is `undefined`. */
export const parseDuration = (text: string): Duration | undefined => {
  const match = /^(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,7})s)?$/i.exec(text);
  if (!match || text === '') return undefined;
  const [, days, hours, minutes, seconds] = match;
  const total =
    Number(days ?? 0) * units.d +
    Number(hours ?? 0) * units.h +
    Number(minutes ?? 0) * units.m +
    Number(seconds ?? 0) * units.s;
  return total > 0 ? total : undefined;
};

/** `1 d 2 h`, `3 h 12 m`, `12 m`, `40 s`: the two largest units that are not nought, rounded down. */
export const formatDuration = (duration: Duration): string => {
  const whole = Math.max(0, Math.floor(duration / second)) * second;
  if (whole < minute) return `${whole / second} s`;
  const days = Math.floor(whole / day);
  const hours = Math.floor((whole % day) / hour);
  const minutes = Math.floor((whole % hour) / minute);
  const parts = [days > 0 && `${days} d`, hours > 0 && `${hours} h`, minutes > 0 && `${minutes} m`];
  return parts
    .filter((part) => part !== false)
    .slice(0, 2)
    .join(' ');
};

/** How long something took, as one figure: `1.2 s` below ten seconds, `40 s` below two minutes, then as above. */
export const formatTook = (duration: Duration): string => {
  if (duration < 10 * second) return `${(duration / second).toFixed(1)} s`;
  if (duration < 2 * minute) return `${Math.round(duration / second)} s`;
  return formatDuration(duration);
};
