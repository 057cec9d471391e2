/** One command of `assay`: the file in `commands/` that exports its `run`, and what the help says. */
export interface CommandEntry {
  file: string;
  kind: 'pure' | 'store';
  usage: string;
  summary: string;
}

/** Names as people type them (README.md). Files load only when their command runs, so a pure one never pays for the store. */
export const commandTable: Record<string, CommandEntry> = {
  detect: pure(
    'detect',
    '[--tier auto|suggest] [--config FILE]',
    'find personal data and secrets in lines {"id","text"}',
  ),
  redact: pure('redact', '[--tier auto|suggest] [--report]', 'replace them with placeholders, JSON stays JSON'),
  parse: pure('parse', '[--format NAME] [--summary FILE] PATH…', 'read logs of any known format as trajectories'),
  segment: pure('segment', '', 'cut trajectories into training units'),
  tag: pure('tag', '', "compute every unit's tags anew"),
  neardup: pure('neardup', '[--threshold 0.7] [--side prompt|row] [--cores N]', 'cluster near-identical texts'),
  render: pure(
    'render',
    '--template FILE [--tokenizer DIR] [--date ISO] [--generation-prompt]',
    'render rows with a chat template',
  ),
  validate: pure(
    'validate',
    '--kind sft|dpo|eval [--template FILE]… [--tokenizer DIR] [--date ISO] PATH…',
    'check export files or a release folder',
  ),
  residual: pure('residual', '--units N --sample FILE | --batch', 'bounds on what an audit missed'),
  score: pure('score', '--plan FILE --predictions FILE', "score a student's predictions"),
  'verify-release': pure('verify-release', 'DIR', 'check every hash and the signature of a release, offline'),
  up: store('up', '', 'start everything in the foreground (what `npm start` does)'),
  import: store(
    'import',
    '[--source NAME] [--project SLUG] [--format NAME] PATH…',
    'bring logs into the running store',
  ),
  jobs: store('jobs', '[--project SLUG]', 'what the workers do'),
  redetect: store('redetect', '[--project SLUG]', 'detect and redact everything again, for instance after an upgrade'),
  release: store('release', 'build|approve|export NAME', 'build, approve or export a release'),
  erase: store('erase', '--subject VALUE [--dry-run]', 'erase what belongs to one person'),
  retention: store('retention', 'run [--dry-run]', 'delete what is past its date'),
  ledger: store('ledger', 'verify', 'check the chain of the activity ledger'),
  backup: store('backup', 'FILE', 'write the whole store to one archive'),
  restore: store('restore', 'FILE', 'bring an archive back into an empty store'),
  user: store('user', 'list', 'people and their roles'),
  keys: store('keys', 'status|rotate', 'state and rotation of the keys'),
  doctor: store('doctor', '[--digest [--source NAME]]', 'check the installation; digest of every derived table'),
};

function pure(file: string, usage: string, summary: string): CommandEntry {
  return { file, kind: 'pure', usage, summary };
}

function store(file: string, usage: string, summary: string): CommandEntry {
  return { file, kind: 'store', usage, summary };
}
