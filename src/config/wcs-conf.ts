// WCS_CONF: what is laid over WCS's own files, from a folder or a list, with a heap that fits the memory of a rig. No value of it
// is repeated in a fault: some are passwords.

import type { Machine } from '../machine.ts';
import { readOptions, withHeap, withoutRepeats } from '../rig/jvm-options.ts';
import { readProperties, type Settings } from '../rig/properties.ts';
import type { NetworkMode } from '../rig/rig.ts';
import { emptyConf, optionsFile, settingsFile, type WcsConf } from '../rig/wcs-conf.ts';
import type { Reading } from './read-variables.ts';

type Surroundings = { readonly memoryBytes: number; readonly mode: NetworkMode | undefined };

/** Always with a heap; after a fault what could be read. */
export const readConf = (
  reading: Reading,
  machine: Machine,
  { memoryBytes, mode }: Surroundings,
): WcsConf => {
  const fault = (text: string): void => reading.fault(`WCS_CONF ${text}`);
  const text = reading.text('WCS_CONF');
  const given =
    text === undefined
      ? emptyConf
      : text.startsWith('/')
        ? readConfFolder(text, machine, fault)
        : readConfList(text, fault);
  for (const settings of given.settings.values()) refuseBadKeys(settings, fault);
  refuseOwnKeys(given.settings.get(settingsFile) ?? new Map(), mode, fault);
  const heap = withHeap(withoutRepeats(given.options), memoryBytes);
  if (heap.kind === 'options') return { ...given, options: heap.options };
  fault(heap.fault);
  return given;
};

type Fault = (text: string) => void;

const key = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

const refuseBadKeys = (settings: Settings, fault: Fault): void => {
  const isBad = [...settings.keys()].some((name) => !key.test(name));
  if (isBad) fault('has a key with more than letters, digits, dots and dashes in it; correct it');
};

/** What is each rig's own. */
const ownKeys = (mode: NetworkMode | undefined): readonly string[] => [
  'ip',
  'ip_local',
  ...(mode === 'publish' ? ['media_port_from', 'media_port_to'] : []),
];

const refuseOwnKeys = (settings: Settings, mode: NetworkMode | undefined, fault: Fault): void => {
  for (const name of ownKeys(mode)) {
    if (settings.has(name)) fault(`sets \`${name}\`, which is another one for each rig; leave it out`);
  }
};

// ── a list ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** On one line a comma parts two only where another one begins: a value may have commas, too. */
const nextEntry = /,(?=\s*(?:-[A-Za-z]|[A-Za-z0-9_][A-Za-z0-9_.-]*\s*=))/;

const readConfList = (text: string, fault: Fault): WcsConf => {
  const isOneLine = !/[\r\n]/.test(text);
  const parts = isOneLine ? text.split(nextEntry) : text.split(/[\r\n]+/);
  const entries = parts.map((part) => part.trim()).filter((part) => part !== '' && !part.startsWith('#'));
  const settings = new Map<string, string>();
  const options: string[] = [];
  for (const [index, entry] of entries.entries()) {
    const [, name, value = ''] = /^([^\s=]+)\s*=\s*(.*)$/.exec(entry) ?? [];
    if (isOneLine && entry.endsWith(',')) fault('has a comma with nothing behind it; leave it out');
    else if (entry.startsWith('-')) options.push(...optionsIn(entry, fault));
    else if (name === undefined)
      fault(`is no folder's absolute path, and its ${place(index)} is ${noSetting}`);
    else if (settings.has(name)) fault(`sets \`${name}\` more than once; leave all but one out`);
    else settings.set(name, value);
  }
  const all = new Map<string, Settings>(settings.size > 0 ? [[settingsFile, settings]] : []);
  return { ...emptyConf, settings: all, options };
};

const place = (index: number): string => `part no. ${index + 1}`;

const noSetting =
  'neither `key=value` nor an option of the JVM; write, say, `/etc/wcs-conf`, or `disable_rest_auth=false,-Xmx1g`';

const optionsIn = (entry: string, fault: Fault): readonly string[] => {
  const options = entry.split(/\s+/);
  if (options.every((option) => option.startsWith('-'))) return options;
  fault('has an option of the JVM with a space in it, where WCS would cut it in two; write it without');
  return [];
};

// ── a folder ────────────────────────────────────────────────────────────────────────────────────────────────────────

const fileName = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/;

const readConfFolder = (path: string, machine: Machine, fault: Fault): WcsConf => {
  const reading = machine.folder(path);
  const about = (text: string): void => fault(`is \`${path}\`, which ${text}`);
  if (reading.kind === 'faults') {
    for (const text of reading.faults) about(text);
    return emptyConf;
  }
  const settings = new Map<string, Settings>();
  const files = new Map<string, string>();
  const options: string[] = [];
  for (const [name, text] of reading.files) {
    if (!fileName.test(name)) about(`has \`${name}\`, a name that no file of WCS has; take it out`);
    else if (name === optionsFile) options.push(...optionsOf(name, text, about));
    else if (name.endsWith('.properties')) settings.set(name, readProperties(text));
    else files.set(name, text);
  }
  return { settings, options, files };
};

const optionsOf = (name: string, text: string, about: Fault): readonly string[] => {
  const lines = text.split(/\r\n|\n|\r/).map((line) => line.trim());
  const wrong = lines.findIndex((line) => !/^(-|#|$)/.test(line));
  if (wrong >= 0) {
    about(`has in \`${name}\`, line ${wrong + 1}, neither an option of the JVM nor a comment; correct it`);
  }
  const options = readOptions(text);
  if (options.every((option) => option.startsWith('-'))) return options;
  about(`has in \`${name}\` an option with a space in it, where WCS would cut it in two; write it without`);
  return [];
};
