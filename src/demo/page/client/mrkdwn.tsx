// Slack's mrkdwn as elements: links, people and channels by name, dates in the reader's zone.

import type { ComponentChildren } from 'preact';
import { assertNever } from '../../../rig/assert-never.ts';
import type { TextObject } from '../../slack/block-schemas.ts';
import { type Part, readMrkdwn } from '../../slack/mrkdwn-tree.ts';
import { slackDate } from '../../slack/slack-date.ts';
import { readPermalink } from './permalink.ts';
import { useWorld, type World } from './world.ts';

export const Text = ({ text }: { readonly text: TextObject }): ComponentChildren =>
  text.type === 'mrkdwn' ? <Mrkdwn text={text.text} /> : text.text;

export const Mrkdwn = ({ text }: { readonly text: string }) => {
  const world = useWorld();
  return <>{readMrkdwn(text).map((part) => draw(part, world))}</>;
};

const draw = (part: Part, world: World): ComponentChildren => {
  const inner = (parts: readonly Part[]) => parts.map((each) => draw(each, world));
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'bold':
      return <strong>{inner(part.parts)}</strong>;
    case 'italic':
      return <em>{inner(part.parts)}</em>;
    case 'struck':
      return <s>{inner(part.parts)}</s>;
    case 'code':
      return <code>{inner(part.parts)}</code>;
    case 'block':
      return <pre>{inner(part.parts)}</pre>;
    case 'quote':
      return <blockquote>{inner(part.parts)}</blockquote>;
    case 'link':
      return <Link url={part.url}>{part.label ?? part.url}</Link>;
    case 'person':
      return <Mention id={part.id} label={part.label} />;
    case 'channel':
      return <ChannelLink id={part.id} label={part.label} />;
    case 'date':
      return slackDate(part.body, { now: world.snapshot.now, timeZone: world.snapshot.me.tz });
    case 'group':
      return <span class="mention">@{part.name}</span>;
    default:
      return assertNever(part);
  }
};

type LinkProps = { readonly url: string; readonly children: ComponentChildren };

const Link = ({ url, children }: LinkProps): ComponentChildren => {
  const { openMessage } = useWorld();
  const place = readPermalink(url);
  if (place) {
    return (
      <button type="button" class="permalink" onClick={() => openMessage(place)}>
        {children}
      </button>
    );
  }
  if (!/^(https?|mailto):/.test(url)) return children;
  return (
    <a href={url} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
};

type MentionProps = { readonly id: string; readonly label: string | undefined };

const Mention = ({ id, label }: MentionProps) => {
  const { snapshot } = useWorld();
  const name = snapshot.people.find((person) => person.id === id)?.name ?? label ?? id;
  return <span class={id === snapshot.me.id ? 'mention mine' : 'mention'}>@{name}</span>;
};

const ChannelLink = ({ id, label }: MentionProps) => {
  const { snapshot, openChannel } = useWorld();
  const channel = snapshot.channels.find((each) => each.id === id);
  if (!channel) return <span class="mention">#{label ?? id}</span>;
  return (
    <button type="button" class="mention" onClick={() => openChannel(id)}>
      #{channel.name}
    </button>
  );
};
