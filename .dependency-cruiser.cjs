// The layer table of ARCHITECTURE.md as data: a folder may import itself, the folders named here, and packages.
const LAYERS = {
  'shared/base': [],
  'shared/protocol': ['shared/base'],
  'shared/access': ['shared/base'],
  'shared/model': ['shared/base'],
  'shared/link': ['shared/base', 'shared/protocol'],
  'shared/hub': ['shared/base', 'shared/protocol', 'shared/link', 'shared/access'],
  'shared/node': ['shared/base', 'shared/protocol', 'shared/access', 'shared/link', 'shared/hub'],
  'app/contract': ['shared/base', 'shared/model'],
  'app/main': ['shared/base', 'app/contract'],
  'app/preload': ['shared/base', 'app/contract'],
  'app/host': ['shared', 'app/contract'],
  'app/cli': ['app/host', 'app/contract', 'shared/base'],
  'app/renderer': ['shared/base', 'shared/model', 'shared/link', 'app/contract'],
  server: ['shared/base', 'shared/protocol', 'shared/access', 'shared/link', 'shared/hub', 'shared/node'],
};
const TEST = '\\.test\\.ts$';

const layerRules = Object.entries(LAYERS).map(([layer, allowed]) => ({
  name: `layer ${layer}`,
  severity: 'error',
  from: { path: `^${layer}/`, pathNot: TEST },
  to: {
    path: '^(shared|app|server|tests|build)/',
    pathNot: [layer, ...allowed].map((folder) => `^${folder}/`),
  },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: 'renderer features do not import one another',
      severity: 'error',
      from: { path: '^app/renderer/features/([^/]+)/', pathNot: TEST },
      to: { path: '^app/renderer/features/', pathNot: '^app/renderer/features/$1/' },
    },
    {
      name: 'only the shell imports electron',
      severity: 'error',
      from: { path: '^(app|shared|server)/', pathNot: '^app/(main|preload)/' },
      to: { path: '^electron$|node_modules/electron/' },
    },
    {
      name: 'only shared/node, hosts and programs use Node',
      severity: 'error',
      from: { path: '^(shared|app/contract|app/renderer)/', pathNot: ['^shared/node/', TEST] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'svelte stays in the renderer',
      severity: 'error',
      from: { path: '^(shared|server|app)/', pathNot: '^app/renderer/' },
      to: { path: 'node_modules/(svelte|bits-ui|@lucide|prosemirror-)' },
    },
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no package of another major version of Yjs',
      severity: 'error',
      from: {},
      to: { path: 'node_modules/@y/' },
    },
    {
      name: 'every import resolves',
      severity: 'error',
      from: { pathNot: '\\.svelte$' },
      to: { couldNotResolve: true, pathNot: '^(electron|mdast$|virtual:)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|release)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.svelte.ts', '.js', '.cjs', '.svelte', '.json', '.css'],
      exportsFields: ['exports'],
      conditionNames: ['svelte', 'import', 'node', 'default', 'types'],
    },
  },
};
