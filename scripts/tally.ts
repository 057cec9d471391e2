/** What a run of tests came to. */
export interface Tally {
  passed: number;
  failed: number;
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  success: boolean;
  testResults: { status: string; assertionResults: { status: string }[] }[];
}

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number };
  errors: unknown[];
}

/**
 * Reads vitest's JSON report. A file that could not be loaded has no tests to fail: it counts as one.
 * @param status exit status of the run: a run that failed for no test counts as one failure
 */
export function tallyVitest(report: VitestReport | undefined, status: number): Tally {
  if (!report) return { passed: 0, failed: 1 };
  const unloaded = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  return withStatus({ passed: report.numPassedTests, failed: report.numFailedTests + unloaded }, status);
}

/** Reads Playwright's JSON report. A test that passed only when tried again did not pass. */
export function tallyPlaywright(report: PlaywrightReport | undefined, status: number): Tally {
  if (!report) return { passed: 0, failed: 1 };
  const { expected, unexpected, flaky } = report.stats;
  return withStatus({ passed: expected, failed: unexpected + flaky + report.errors.length }, status);
}

function withStatus(tally: Tally, status: number): Tally {
  return status !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}

export function addTallies(tallies: Tally[]): Tally {
  const sum = (key: keyof Tally) => tallies.reduce((total, tally) => total + tally[key], 0);
  return { passed: sum('passed'), failed: sum('failed') };
}
