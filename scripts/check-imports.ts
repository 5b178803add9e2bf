// Who may import whom: the table of the house, which library is named where, and no cycles. Types count.
// Prints one line for each import that breaks a rule, and ends with 1 if there is one.

import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A folder of src/, or a file beside the folders, by its name without `.ts`. `config` and `worker` are both. */
type Unit = string;

const anything = 'anything';
const edges = ['bot', 'worker', 'main', 'demo'];

/** What each unit may import beside itself. */
const mayImport: Readonly<Record<Unit, readonly Unit[] | typeof anything>> = {
  rig: [],
  ports: ['rig'],
  shapes: ['rig'],
  control: ['rig', 'ports'],
  host: ['rig', 'ports', 'shapes', 'reach-port'],
  slack: ['control', 'ports', 'rig'],
  web: ['control', 'ports', 'rig'],
  redis: ['ports', 'rig', 'shapes'],
  queue: ['ports', 'rig', 'shapes'],
  docker: ['ports', 'rig'],
  doctor: [
    ...['config', 'docker', 'machine', 'ports', 'queue', 'reach-port', 'redis', 'rig', 'secrets', 'shapes'],
    'undo',
  ],
  config: ['machine', 'rig'],
  machine: ['ports', 'rig'],
  secrets: ['ports', 'rig'],
  'licence-id': ['rig'],
  log: ['ports'],
  'reach-port': ['rig'],
  undo: ['ports'],
  'run-until-signal': ['ports', 'rig'],
  audit: ['config', 'ports', 'redis', 'rig'],
  plan: ['config', 'control', 'ports', 'redis', 'rig'],
  demo: anything,
  bot: anything,
  worker: anything,
  main: anything,
};

/** Units that only these may import. */
const onlyFor: Readonly<Record<Unit, readonly Unit[]>> = {
  main: [],
  bot: ['main', 'demo'],
  worker: ['main', 'demo'],
  demo: ['main'],
  audit: ['main'],
  plan: ['main'],
  log: edges,
  secrets: [...edges, 'doctor'],
  'licence-id': edges,
  undo: [...edges, 'doctor'],
  'reach-port': [...edges, 'doctor', 'host'],
  'run-until-signal': edges,
  machine: [...edges, 'config', 'doctor'],
};

/** Libraries that only these may name. */
const librariesOf: readonly { readonly library: RegExp; readonly units: readonly Unit[] }[] = [
  { library: /^@slack\/(bolt|socket-mode)(\/|$)/, units: ['slack'] },
  { library: /^@slack\//, units: ['slack', 'demo'] },
  { library: /^bullmq(\/|$)/, units: ['queue'] },
  { library: /^ioredis(\/|$)/, units: ['redis', 'queue'] },
  { library: /^dockerode(\/|$)/, units: ['docker'] },
  // As an import it is another way to process.env.
  { library: /^(node:)?process$/, units: ['config'] },
];

/** The one library of a folder that is otherwise on its own. */
const pure: Readonly<Record<Unit, readonly string[]>> = { rig: ['ipaddr.js'] };

const readsEnvironment =
  /\bprocess\s*(\?\.|\.)\s*env\b|\bprocess\s*(\?\.)?\[\s*['"`]env|\{[^{}]*\benv\b[^{}]*\}\s*=\s*(globalThis\.)?process\b/;

/** `from '…'`, `import '…'`, `import('…')` and `require('…')`, so that types and later imports count too. */
const importOf = /\b(?:from|import|require)\s*(?:\(\s*)?(['"`])([^'"`\n]+)\1/g;
const computedImport = /\bimport\s*\(\s*(?!['"`])/;

/** Paths are relative to the root: `src/rig/rig.ts`. */
type SourceFile = { readonly path: string; readonly unit: Unit; readonly text: string };
type Import = { readonly from: SourceFile; readonly specifier: string; readonly target: string | undefined };

/** Every breach below `root`/src, one sentence each; paths are relative to `root`. */
export const checkImports = async (root: string): Promise<readonly string[]> => {
  const files = await readSources(root);
  const imports = files.flatMap(importsOf);
  return [
    ...files.flatMap(ownBreaches),
    ...imports.flatMap((one) => (one.target === undefined ? libraryBreaches(one) : unitBreaches(one))),
    ...cyclesIn(imports),
  ];
};

const unitOf = (path: string): Unit => (path.split(sep)[1] ?? '').replace(/\.tsx?$/, '');

const readSources = async (root: string): Promise<readonly SourceFile[]> => {
  const names = await readdir(join(root, 'src'), { recursive: true });
  const paths = names.filter((name) => /\.tsx?$/.test(name)).sort();
  return Promise.all(
    paths.map(async (name) => {
      const path = join('src', name);
      return { path, unit: unitOf(path), text: withoutComments(await readFile(join(root, path), 'utf8')) };
    }),
  );
};

/** Line by line, since the signs of a comment may stand in a string too: what is left in doubt is looked at. */
const withoutComments = (text: string): string => text.replaceAll(/^\s*(\/\/|\/\*|\*).*$|\s\/\/ .*$/gm, '');

const importsOf = (from: SourceFile): readonly Import[] =>
  [...from.text.matchAll(importOf)].map(([, , specifier = '']) => ({
    from,
    specifier,
    target: specifier.startsWith('.') ? join(dirname(from.path), specifier) : undefined,
  }));

const ownBreaches = ({ path, unit, text }: SourceFile): readonly string[] => {
  const breaches: string[] = [];
  if (!(unit in mayImport))
    breaches.push(`${path}: ${unit} is not in the table of import rules; add it there`);
  if (unit !== 'config' && readsEnvironment.test(text))
    breaches.push(`${path}: only config names process.env`);
  if (computedImport.test(text)) breaches.push(`${path}: imports what cannot be seen; write the path out`);
  return breaches;
};

const libraryBreaches = ({ from: { path, unit }, specifier }: Import): readonly string[] => {
  const allowed = pure[unit];
  if (allowed && !allowed.includes(specifier))
    return [`${path}: ${unit} is pure and may not import ${specifier}`];
  const rule = librariesOf.find(({ library }) => library.test(specifier));
  if (!rule || rule.units.includes(unit)) return [];
  return [`${path}: only ${rule.units.join(' and ')} may name ${specifier}`];
};

const unitBreaches = ({ from: { path, unit }, target = '' }: Import): readonly string[] => {
  if (!target.startsWith(`src${sep}`)) return [`${path}: ${target} is outside of src`];
  const other = unitOf(target);
  if (other === unit) return [];
  const importers = onlyFor[other];
  if (importers && !importers.includes(unit)) {
    return [
      `${path}: ${importers.length > 0 ? `only ${importers.join(', ')}` : 'nobody'} may import ${target}`,
    ];
  }
  const allowed = mayImport[unit] ?? [];
  if (allowed === anything || allowed.includes(other)) return [];
  return [`${path}: ${unit} may not import ${target}; it may import ${allowed.join(', ') || 'nothing'}`];
};

/** Each cycle once, as the way round it. */
const cyclesIn = (imports: readonly Import[]): readonly string[] => {
  const next = new Map<string, Set<string>>();
  for (const { from, target } of imports) {
    if (target === undefined) continue;
    next.set(from.path, (next.get(from.path) ?? new Set()).add(target));
  }
  const cycles: string[] = [];
  const done = new Set<string>();
  const walk = (path: string, way: readonly string[]): void => {
    const at = way.indexOf(path);
    if (at >= 0) cycles.push(`a cycle: ${[...way.slice(at), path].join(' → ')}`);
    if (at >= 0 || done.has(path)) return;
    for (const other of next.get(path) ?? []) walk(other, [...way, path]);
    done.add(path);
  };
  for (const path of next.keys()) walk(path, []);
  return cycles;
};

if (import.meta.main) {
  const breaches = await checkImports(dirname(dirname(fileURLToPath(import.meta.url))));
  for (const breach of breaches) console.error(breach);
  process.exitCode = breaches.length > 0 ? 1 : 0;
}
