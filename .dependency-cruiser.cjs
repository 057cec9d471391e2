/** The floors of the house: arrows go down only (docs/architecture.md). Run by `npm run deps` and in `npm test`. */
const rooms = 'segment|pii|tag|dedup|split|pair|mix|review|export|policy|ingest';
module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-barrels',
      severity: 'error',
      from: { path: '^(app|components|lib)' },
      to: { path: '^(app|components|lib)/.*index\\.tsx?$' },
    },
    {
      name: 'core-is-pure',
      comment: 'core imports core, zod and pure helpers: no framework, no I/O, no store',
      severity: 'error',
      from: { path: '^lib/core', pathNot: '\\.(test|bench)\\.ts$' },
      to: {
        path: [
          '^(app|components|lib/(store|usecases|http|worker|cli))',
          '^(next|react|pg|prisma|@prisma)',
          '^(node:)?(fs|net|http|https|child_process|dns|tls|os|worker_threads)',
        ],
      },
    },
    {
      name: 'core-rooms-stand-side-by-side',
      severity: 'error',
      from: { path: `^lib/core/(${rooms})/`, pathNot: '\\.test\\.ts$' },
      to: { path: `^lib/core/(${rooms})/`, pathNot: ['^lib/core/$1/', '^lib/core/pii/(taxonomy|span)\\.ts$'] },
    },
    {
      name: 'store-looks-down',
      severity: 'error',
      from: { path: '^lib/store' },
      to: { path: '^(app|components|lib/(usecases|http|worker|cli))' },
    },
    {
      name: 'usecases-look-down',
      severity: 'error',
      from: { path: '^lib/usecases' },
      to: { path: '^(app|components|lib/(http|worker|cli)|next|react)' },
    },
    {
      name: 'components-are-furniture',
      severity: 'error',
      from: { path: '^components' },
      to: { path: '^(app|lib/(store|usecases|http|worker|cli))' },
    },
    {
      name: 'only-store-knows-prisma',
      severity: 'error',
      // The vault's process and the worker's heartbeat thread have connections of their own.
      from: {
        path: '^(app|components|lib)',
        pathNot: ['^lib/store', '^lib/vault/', '^lib/worker/heartbeat\\.ts$', '\\.test\\.ts$'],
      },
      to: { path: '^(lib/generated|@prisma|node_modules/(@prisma|pg|pg-boss)/)' },
    },
    {
      name: 'pages-go-through-usecases',
      severity: 'error',
      from: { path: '^app' },
      to: { path: '^lib/(store|worker|cli)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(lib/generated|\\.next)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};
