// Slack's mrkdwn as elements: links, people and channels by name, dates in the reader's zone.

import type { ComponentChildren } from 'preact';
import { type Node, NodeType, parse } from 'slack-message-parser';
import type { TextObject } from '../../slack/block-schemas.ts';
import { slackDate } from '../../slack/slack-date.ts';
import { readPermalink } from './permalink.ts';
import { useWorld, type World } from './world.ts';

export const Text = ({ text }: { readonly text: TextObject }): ComponentChildren =>
  text.type === 'mrkdwn' ? <Mrkdwn text={text.text} /> : text.text;

export const Mrkdwn = ({ text }: { readonly text: string }) => {
  const world = useWorld();
  return <>{parse(text).children.map((node) => draw(node, world))}</>;
};

const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

const draw = (node: Node, world: World): ComponentChildren => {
  const inner = (nodes: readonly Node[]) => nodes.map((each) => draw(each, world));
  switch (node.type) {
    case NodeType.Text:
      return unescaped(node.text);
    case NodeType.Emoji:
      return node.source;
    case NodeType.Bold:
      return <strong>{inner(node.children)}</strong>;
    case NodeType.Italic:
      return <em>{inner(node.children)}</em>;
    case NodeType.Strike:
      return <s>{inner(node.children)}</s>;
    case NodeType.Code:
      return <code>{unescaped(node.text)}</code>;
    case NodeType.PreText:
      return <pre>{unescaped(node.text).trim()}</pre>;
    case NodeType.Quote:
      return <blockquote>{inner(node.children)}</blockquote>;
    case NodeType.Root:
      return inner(node.children);
    case NodeType.URL:
      return <Link url={unescaped(node.url)}>{node.label ? inner(node.label) : unescaped(node.url)}</Link>;
    case NodeType.UserLink:
      return <Mention id={node.userID} />;
    case NodeType.ChannelLink:
      return <ChannelLink id={node.channelID} />;
    case NodeType.Command:
      return command(node, world);
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

const Mention = ({ id }: { readonly id: string }) => {
  const { snapshot } = useWorld();
  const name = snapshot.people.find((person) => person.id === id)?.name ?? id;
  return <span class={id === snapshot.me.id ? 'mention mine' : 'mention'}>@{name}</span>;
};

const ChannelLink = ({ id }: { readonly id: string }) => {
  const { snapshot, openChannel } = useWorld();
  const channel = snapshot.channels.find((each) => each.id === id);
  if (!channel) return <span class="mention">#{id}</span>;
  return (
    <button type="button" class="mention" onClick={() => openChannel(id)}>
      #{channel.name}
    </button>
  );
};

/** `<!date^…>`, `<!here>`, `<!subteam^S…|@team>` */
const command = (node: Extract<Node, { type: NodeType.Command }>, { snapshot }: World): ComponentChildren => {
  const label = node.label?.map((each) => each.source).join('') ?? '';
  if (node.name !== 'date') return <span class="mention">{label || `@${node.name}`}</span>;
  const zone = { now: snapshot.now, timeZone: snapshot.me.tz };
  return slackDate(`${node.arguments.join('^')}|${label}`, zone);
};
