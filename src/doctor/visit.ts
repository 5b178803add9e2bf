// One visit of the doctor: what all of its parts go by.

import type { Machine } from '../machine.ts';
import type { NotLooked, Part } from './choose-parts.ts';
import type { Desk } from './desk.ts';
import type { Own } from './fleet/facts.ts';
import type { DoctorWish } from './read-words.ts';
import type { Readings } from './readings.ts';

export type Visit = {
  readonly wish: DoctorWish;
  readonly desk: Desk;
  readonly machine: Machine;
  readonly readings: Readings;
  readonly own: Own;
  /** False for what was not asked for, and for all as soon as nobody wants to know any more. */
  readonly looks: (part: Part) => boolean;
  readonly notLooked: NotLooked[];
};
