'use server';
import { action } from '#lib/http/action.ts';
import { NewTargets, setTargets } from '#lib/usecases/coverage/show-coverage.ts';

export const set = action('coverage.targets', NewTargets, setTargets);
