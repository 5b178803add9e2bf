// Which conversations a menu offers to a person. Used where the choice is checked and where the page draws the menu, so that
// nobody is shown what is then refused.

import type { StatefulElement } from './block-schemas.ts';
import type { Channel } from './state.ts';

export type ConversationMenu = Extract<StatefulElement, { type: 'conversations_select' | 'channels_select' }>;

type Offered = Pick<Channel, 'kind' | 'members' | 'isArchived' | 'isExtShared'>;

/** Both by id. */
type Between = { readonly user: string; readonly bot: string };

export const offers = (menu: ConversationMenu, channel: Offered, { user, bot }: Between): boolean => {
  if (channel.isArchived) return false;
  if (channel.kind !== 'public' && !channel.members.includes(user)) return false;
  if (menu.type === 'channels_select') return channel.kind === 'public';
  const kind = channel.kind === 'direct' ? 'im' : channel.kind;
  const { include, exclude_external_shared_channels, exclude_bot_users } = menu.filter ?? {};
  return (
    (include === undefined || include.includes(kind)) &&
    !(exclude_external_shared_channels === true && channel.isExtShared) &&
    !(exclude_bot_users === true && channel.kind === 'direct' && channel.members.includes(bot))
  );
};
