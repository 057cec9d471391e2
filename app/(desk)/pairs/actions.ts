'use server';
import { z } from 'zod';
import { action } from '#lib/http/action.ts';
import { EditPair, editPair } from '#lib/usecases/pairs/edit-pair.ts';
import { makePairQueue, NewPairQueue } from '#lib/usecases/pairs/pair-queue.ts';
import { findPairsInLogs } from '#lib/usecases/pairs/propose-pairs.ts';

export const find = action('pairs.find', z.strictObject({}), findPairsInLogs);
export const makeQueue = action('pairs.queue', NewPairQueue, makePairQueue);
export const edit = action('pairs.edit', EditPair, editPair);
