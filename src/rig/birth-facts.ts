// What may stand in a container's labels: everybody on a host can write those, and what is read there becomes job ids, messages
// and names of images.

/** As the bot makes them up; it is part of job ids and of file names. */
export const isRigId = (text: string): boolean => /^[a-z0-9]{1,32}$/.test(text);

/** As workers make them up: see LicenceId. */
export const isLicenceId = (text: string): boolean => /^[0-9a-f]{12}$/.test(text);

export const mostGenerations = 999_999_999;

/** As Slack makes them up. */
export const isUserId = (text: string): boolean => /^[A-Z0-9]{2,32}$/.test(text);

/** A given name, a subnet with its gateway, or `bridge:HOST`. */
export const isLanId = (text: string): boolean => /^[a-z0-9][a-z0-9._/@:-]{0,99}$/i.test(text);

const mostInName = 80;

/** A person's name as one line; what is too long is cut, for a rig is worth more than the end of a name. */
export const asPersonName = (text: string): string =>
  [...text.replaceAll(/[\s\p{Cc}\u2028\u2029]+/gu, ' ').trim()].slice(0, mostInName).join('');
