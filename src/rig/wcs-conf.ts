// What is laid over WCS's own configuration files before a rig's first start: keys of properties files, options of the JVM, and
// whole files. Text has one character a byte.

import { setOptions } from './jvm-options.ts';
import { type Settings, setProperties } from './properties.ts';

/** WCS's own settings; also where it reads its addresses and media ports. */
export const settingsFile = 'flashphoner.properties';
/** The JVM's options. */
export const optionsFile = 'wcs-core.properties';

export type WcsConf = {
  /** By the name of their file. */
  readonly settings: ReadonlyMap<string, Settings>;
  readonly options: readonly string[];
  /** By name; one that is there already is replaced. */
  readonly files: ReadonlyMap<string, string>;
};

export const emptyConf: WcsConf = { settings: new Map(), options: [], files: new Map() };

/** With these, too, in `flashphoner.properties`. */
export const withSettings = (conf: WcsConf, settings: Settings): WcsConf => {
  const before = conf.settings.get(settingsFile) ?? [];
  const together = new Map([...before, ...settings]);
  return { ...conf, settings: new Map([...conf.settings, [settingsFile, together]]) };
};

/** The files that it is about. */
export const filesOf = ({ settings, options, files }: WcsConf): ReadonlySet<string> =>
  new Set([...settings.keys(), ...(options.length > 0 ? [optionsFile] : []), ...files.keys()]);

/** Those of its files that are to be other than they are, as they are to be. Of a file that is not there nothing is known. */
export const laidOver = (
  conf: WcsConf,
  present: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> => {
  const changed = new Map<string, string>();
  for (const name of filesOf(conf)) {
    const whole = conf.files.get(name) ?? present.get(name) ?? '';
    const set = setProperties(whole, conf.settings.get(name) ?? new Map());
    const text = name === optionsFile ? setOptions(set, conf.options) : set;
    if (text !== present.get(name)) changed.set(name, text);
  }
  return changed;
};

// ── what must not be shown ──────────────────────────────────────────────────────────────────────────────────────────

const namesOfSecrets = /pass|pwd|secret|token|credential|private|(^|[^a-z])key$/i;

/** What stands in too many lines to be cut out of them. */
const tellsNothing = /^(true|false|none|null|\d{1,5}|.{0,3})$/i;

/** The values of all settings and `-D` options whose names say that they are secret. */
export const secretsIn = ({ settings, options }: WcsConf): readonly string[] => {
  const ofJvm = options.flatMap((option): [string, string][] => {
    const [, name = '', value = ''] = /^-D([^=]+)=(.*)$/s.exec(option) ?? [];
    return [[name, value]];
  });
  const all = [...[...settings.values()].flatMap((one) => [...one]), ...ofJvm];
  const secret = all.filter(([name, value]) => namesOfSecrets.test(name) && !tellsNothing.test(value));
  return [...new Set(secret.map(([, value]) => value))];
};
