// Numbers of things and sizes, as people read them.

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;

/** `1 address`, `2 addresses`. */
export const counted = (count: number, one: string, several: string): string =>
  `${count} ${count === 1 ? one : several}`;

export const addressCount = (count: number): string => counted(count, 'address', 'addresses');

export const rigCount = (count: number): string => counted(count, 'rig', 'rigs');

/** `2 GiB`, `1.5 GiB`, `600 MiB`. */
export const sizeText = (bytes: number): string =>
  bytes >= gibibyte ? `${Number((bytes / gibibyte).toFixed(1))} GiB` : `${Math.floor(bytes / mebibyte)} MiB`;

/** So many by name, and how many more there are. */
export const named = (all: readonly string[], most: number): string => {
  const rest = all.length - most;
  return rest > 0 ? `${all.slice(0, most).join(', ')} and ${rest} more` : all.join(', ');
};
