// What a neighbour can fail with, in our words.

/** Redis, and the queue with it, does not answer: the user is told so at once. Everything else that throws is a fault. */
export class QueueDown extends Error {
  override readonly name = 'QueueDown';
}

/** Docker does not answer: the job is tried again later. */
export class EngineDown extends Error {
  override readonly name = 'EngineDown';
}

/** The engine answered "no"; the message is its one line. Trying the same again is of no use. */
export class EngineRefused extends Error {
  override readonly name = 'EngineRefused';
}
