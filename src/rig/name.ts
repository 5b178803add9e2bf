// What a rig may be called, and the names that are made up for those who do not care.

export type RigName = string;

const mostLetters = 20;
const pattern = new RegExp(`^[a-z][a-z0-9-]{0,${mostLetters - 1}}$`);

export const isRigName = (text: string): boolean => pattern.test(text);

const colours = [
  'amber',
  'azure',
  'black',
  'blue',
  'brown',
  'coral',
  'cyan',
  'gold',
  'green',
  'grey',
  'indigo',
  'ivory',
  'jade',
  'lilac',
  'lime',
  'mint',
  'ochre',
  'olive',
  'pink',
  'plum',
  'red',
  'ruby',
  'rust',
  'silver',
  'teal',
  'violet',
  'white',
  'yellow',
] as const;

const animals = [
  'ant',
  'badger',
  'bat',
  'bear',
  'bee',
  'bison',
  'crane',
  'crow',
  'deer',
  'dove',
  'eagle',
  'falcon',
  'ferret',
  'finch',
  'fox',
  'frog',
  'gecko',
  'goat',
  'goose',
  'hare',
  'hawk',
  'heron',
  'ibis',
  'koala',
  'lark',
  'lemur',
  'lion',
  'lynx',
  'mole',
  'moose',
  'newt',
  'orca',
  'otter',
  'owl',
  'panda',
  'puffin',
  'quail',
  'raven',
  'robin',
  'seal',
  'sloth',
  'snail',
  'stork',
  'swan',
  'tapir',
  'tiger',
  'toad',
  'trout',
  'wasp',
  'whale',
  'wolf',
  'wren',
  'yak',
  'zebra',
] as const;

/**
 * A colour and an animal; `random` (0 ≤ x < 1) decides which, so that the caller owns the randomness. With a second one
 * it ends in a number from 2 to 9999: 1,568 names are soon taken in a large fleet.
 */
export const makeUpName = (random: number, another?: number): RigName => {
  const index = Math.floor(random * colours.length * animals.length);
  const colour = colours[index % colours.length] ?? colours[0];
  const animal = animals[Math.floor(index / colours.length)] ?? animals[0];
  const number = another === undefined ? '' : `-${2 + Math.floor(another * 9998)}`;
  return `${colour}-${animal}${number}`;
};

/** The name itself for 1, then `name-2`, `name-3`: cut where it would grow too long. */
export const numberedName = (name: RigName, count: number): RigName => {
  if (count === 1) return name;
  const number = `-${count}`;
  return `${name.slice(0, mostLetters - number.length)}${number}`;
};
