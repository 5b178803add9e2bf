// What Redis says while it starts, fails over, waits for its replicas, is kept busy by a script, or has no room for a write:
// later, not never.

const words = 'LOADING|MASTERDOWN|READONLY|NOREPLICAS|UNBLOCKED|BUSY|CLUSTERDOWN|TRYAGAIN|MISCONF|OOM';

// Redis before 7 wraps what a command inside a script was told: `ERR Error running script (…): @user_script: 5: -OOM …`.
const later = new RegExp(`^(?:ERR Error running script .*: -)?(?:${words}) `);

/** `reply`: the message of an error that Redis answered. */
export const saysLater = (reply: string): boolean => later.test(reply);
