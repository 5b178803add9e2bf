// What is said when the registry was lost or restored, and hosts have brought back what they have.

import type { News } from '../../rig/news.ts';
import type { Rig } from '../../rig/rig.ts';
import { code, escapeText } from './escape.ts';
import { mention, timeOf } from './rig.ts';

/** What was agreed since the copy may be forgotten, so that its owner has to look. */
export const adoptedReply = (rig: Rig, { end, later, was }: News & { kind: 'adopted' }): string => {
  const name = `*${escapeText(rig.name)}*`;
  const renamed =
    was === undefined
      ? ''
      : ` Somebody else has the name ${code(was)} by now, so it is called ${name} from now on.`;
  const until =
    end === undefined ? 'It has no end.' : `It ends ${timeOf(end)}${later ? ', later than agreed' : ''}.`;
  return `${mention(rig)} My memory was lost for a moment; host ${code(rig.host)} has told me about ${name} again, and it runs on as it is.${renamed} ${until} Look whether that is what you want.`;
};

/** Nobody asked for it, and whoever uses it has noticed: nobody is called. */
export const resumedReply = (rig: Rig): string =>
  `Docker on host ${code(rig.host)} was restarted; *${escapeText(rig.name)}* is up again, at the same address. Whoever was connected has to connect again.`;
