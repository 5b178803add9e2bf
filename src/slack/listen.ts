// Registration: which deliveries of Slack's go to which handler.

import type { App, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import type { Answering, Turn } from './act/answering.ts';
import { actionTurn } from './act/handle-action.ts';
import { commandTurn } from './act/handle-command.ts';
import { createSubmissionTurn } from './views/handle-view.ts';
import type { World } from './world.ts';

const homeOpened = z.object({ user: z.string().min(1).max(64), tab: z.string().optional() });

export const listen = (app: App, world: World, answering: Answering): void => {
  const { home } = world;
  const take = async (read: () => Turn, ack: () => Promise<unknown>): Promise<void> => {
    const turn = attempt(read);
    if (turn.kind === 'turn') {
      await answering.take(turn.is);
      return home.refresh(turn.is.user);
    }
    // Not in the form that Slack documents: whose it was, and so whom to answer, is unknown.
    world.log.error({ err: turn.error }, 'a delivery that could not be read');
    await ack();
  };
  // Whatever the command is called in the manifest: a second installation may well be `/wcs-dev`.
  app.command(/^\//, (args) => take(() => commandTurn(world, args), args.ack));
  app.action(/.*/, (args) =>
    take(
      () => actionTurn(world, args),
      () => args.ack(),
    ),
  );
  const submissionTurn = createSubmissionTurn(world);
  app.view<ViewSubmitAction>(/.*/, (args) =>
    take(
      () => submissionTurn(args),
      () => args.ack(),
    ),
  );
  // Bolt has acknowledged it. The same event comes for the messages tab.
  app.event('app_home_opened', async ({ event }) => {
    const { user, tab } = homeOpened.parse(event);
    if (tab === 'home') await answering.take(home.opened(user));
  });
  app.error(async (err) => world.log.error({ err }, 'a delivery that could not be handled'));
};

type Attempt =
  | { readonly kind: 'turn'; readonly is: Turn }
  | { readonly kind: 'fault'; readonly error: unknown };

const attempt = (read: () => Turn): Attempt => {
  try {
    return { kind: 'turn', is: read() };
  } catch (error) {
    return { kind: 'fault', error };
  }
};
