export { DESK_LEASE_SECONDS as DESK_SECONDS, TOKEN_LEASE_SECONDS as TOKEN_SECONDS } from '#lib/store/tasks.ts';
