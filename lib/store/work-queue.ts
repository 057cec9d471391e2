/** The one queue and how pg-boss keeps it. Apart from `queue.ts`, so the start can make it before the database client exists. */
export const WORK_QUEUE = 'assay-work';
export const WORK_QUEUE_OPTIONS = {
  retryLimit: 0,
  expireInSeconds: 3600,
  deleteAfterSeconds: 3600,
  notify: true,
} as const;
