// Registration: which deliveries of Slack's go to which handler.

import type { App } from '@slack/bolt';
import type { Answering } from './answering.ts';
import { actionTurn } from './handle-action.ts';
import { commandTurn } from './handle-command.ts';
import type { World } from './world.ts';

export const listen = (app: App, world: World, answering: Answering): void => {
  // Whatever the command is called in the manifest: a second installation may well be `/wcs-dev`.
  app.command(/^\//, (args) => answering.take(commandTurn(world, args)));
  app.action(/.*/, (args) => answering.take(actionTurn(world, args)));
  // What reaches this was no command and no click of ours: there is nobody to answer.
  app.error(async (err) => world.log.error({ err }, 'a delivery that could not be handled'));
};
