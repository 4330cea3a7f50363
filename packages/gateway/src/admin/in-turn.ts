import type { Action } from './router.ts';

let last: Promise<unknown> = Promise.resolve();

/** The action, one call after the other: for those that read a file, change it and write it back. */
export function inTurn(action: Action): Action {
  return (call) => {
    const answered = last.then(() => action(call));
    // Who comes next does not care how this one ended.
    last = answered.catch(() => undefined);
    return answered;
  };
}
