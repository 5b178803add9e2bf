// `npm run model [-- --steps N --seed S]`: random stories against the real registry. All but the result goes to standard error.
// Exit codes: 0 every invariant held, 1 one did not, or a fault; 2 wrong usage.

import { parseArgs } from 'node:util';
import { describe } from './play.ts';
import { type Outcome, openGround, runStory, shorten, stepsOf } from './run-story.ts';

const usage = `Usage: npm run model [-- --steps N --seed S --length L]

  --steps N   so many steps in all; 20000
  --seed S    of the first story; each further one has the next number
  --length L  steps of one story; 250
`;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const report = async (
  ground: Awaited<ReturnType<typeof openGround>>,
  seed: number,
  length: number,
  { violation, lines, steps }: Outcome,
): Promise<void> => {
  say(`\nseed ${seed}, step ${steps}: ${violation?.message}\n`);
  const kept = await shorten(
    ground,
    seed,
    stepsOf(seed, length).slice(0, steps),
    violation?.rule ?? '',
    60_000,
  );
  const again = await runStory(ground, seed, kept);
  say(`${again.violation?.message}`);
  say(again.violation ? again.lines.slice(-120).join('\n') : lines.slice(-200).join('\n'));
  say(
    `\n${kept.length} steps are enough:\n${kept.map(({ act, turns }) => `  ${describe(act)}, ${turns} turns`).join('\n')}`,
  );
  say(`\nagain: npm run model -- --seed ${seed} --steps ${length} --length ${length}`);
};

const whole = (text: string | undefined, otherwise: number): number =>
  text === undefined ? otherwise : /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;

type Wanted = { readonly steps: number; readonly seed: number; readonly length: number };

const parse = (): Wanted | undefined => {
  try {
    const { values } = parseArgs({
      options: { steps: { type: 'string' }, seed: { type: 'string' }, length: { type: 'string' } },
    });
    const wanted = {
      steps: whole(values.steps, 20_000),
      seed: whole(values.seed, Date.now() % 1_000_000),
      length: whole(values.length, 250),
    };
    return Number.isNaN(wanted.steps + wanted.seed) || !(wanted.length > 0) ? undefined : wanted;
  } catch {
    return undefined;
  }
};

const main = async (): Promise<number> => {
  const wanted = parse();
  if (!wanted) {
    process.stderr.write(usage);
    return 2;
  }
  const { steps, seed, length } = wanted;
  const ground = await openGround();
  const begun = performance.now();
  const total = { steps: 0, rigs: 0, states: new Map<string, number>() };
  try {
    for (let story = 0; total.steps < steps; story += 1) {
      const outcome = await runStory(ground, seed + story, stepsOf(seed + story, length));
      if (outcome.violation) {
        await report(ground, seed + story, length, outcome);
        return 1;
      }
      total.steps += outcome.steps;
      total.rigs += outcome.rigs;
      for (const [kind, count] of Object.entries(outcome.states))
        total.states.set(kind, (total.states.get(kind) ?? 0) + count);
      say(
        `seed ${seed + story}: ${outcome.steps} steps, ${outcome.rigs} rigs, ${((performance.now() - begun) / 1000).toFixed(1)} s`,
      );
    }
  } finally {
    await ground.close();
  }
  console.log(JSON.stringify({ seed, ...total, states: Object.fromEntries(total.states) }));
  return 0;
};

process.exitCode = await main();
