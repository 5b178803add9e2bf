// The rigs' time, and how to move it on.

import { useEffect, useState } from 'preact/hooks';
import { hour, minute } from '../../../rig/duration.ts';
import { dayAndTime } from './times.ts';
import { useWorld } from './world.ts';

const lengths = [
  [5 * minute, '5 min'],
  [30 * minute, '30 min'],
  [hour, '1 h'],
] as const;

const hint =
  'Moves the time of the rigs on, in steps, so that reminders and ends come as they would: with half an hour left a rig’s reminder can be seen, and answered. Nothing else moves: what takes time really takes it.';

/** `at`: when the snapshot came, by this browser's clock. */
export const Clock = ({ at }: { readonly at: number }) => {
  const { snapshot, act } = useWorld();
  const [, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTick((tick) => tick + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  const now = snapshot.now + Math.max(0, Date.now() - at);
  return (
    <div class="clock" title={hint}>
      <span>Rigs’ time</span>
      <time>{dayAndTime(now, snapshot)}</time>
      <span class="skips">
        {snapshot.movingTo !== undefined ? (
          <span class="moving">moving on to {dayAndTime(snapshot.movingTo, snapshot)} …</span>
        ) : (
          <>
            <span>skip</span>
            {lengths.map(([length, label]) => (
              <button type="button" key={label} onClick={() => void act({ act: 'skip', length })}>
                {label}
              </button>
            ))}
          </>
        )}
      </span>
    </div>
  );
};
