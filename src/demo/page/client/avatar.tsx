// A person's initials on a colour of their own: no picture is fetched from anywhere.

import type { Person } from '../../slack/state.ts';

const colours = ['amber', 'teal', 'rose', 'sky', 'lime'];

const colourOf = ({ name, isBot }: Person): string => {
  if (isBot) return 'bot';
  return colours[name.charCodeAt(0) % colours.length] ?? 'sky';
};

const initials = ({ realName }: Person): string =>
  realName
    .split(' ')
    .map((word) => word.charAt(0))
    .join('')
    .slice(0, 2);

type AvatarProps = { readonly person: Person | undefined; readonly small?: boolean };

export const Avatar = ({ person, small = false }: AvatarProps) => (
  <span class={`avatar ${person ? colourOf(person) : ''} ${small ? 'small' : ''}`} aria-hidden="true">
    {person ? initials(person) : '?'}
  </span>
);
