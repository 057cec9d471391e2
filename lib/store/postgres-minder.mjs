// Runs one postmaster and never lets it outlive the process that asked for it: Postgres itself does not notice that its parent is gone.
// Argument: JSON {command, args, env, uid?, gid?}. Tells the postmaster's pid over the IPC channel; ends when the postmaster ends.
import { spawn } from 'node:child_process';

const { command, args, env, uid, gid } = JSON.parse(process.argv[2]);
const postmaster = spawn(command, args, {
  env,
  uid,
  gid,
  cwd: '/',
  stdio: ['ignore', 'ignore', 'inherit'],
  detached: true,
});

postmaster.once('error', (error) => {
  process.stderr.write(`postgres could not be run: ${error.code}\n`);
  process.exit(1);
});
postmaster.once('exit', (code) => process.exit(code ?? 1));
if (postmaster.pid) process.send({ pid: postmaster.pid });

// Fast shutdown first; then at once (crash recovery mends it at the next start). All within 5 s.
function leave() {
  postmaster.kill('SIGINT');
  setTimeout(() => postmaster.kill('SIGQUIT'), 2500);
  setTimeout(() => postmaster.kill('SIGKILL'), 4500);
}
process.once('disconnect', leave);
process.once('SIGTERM', leave);
process.once('SIGINT', leave);
