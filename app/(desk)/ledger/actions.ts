'use server';
import { z } from 'zod';
import { action } from '#lib/http/action.ts';
import { checkLedger } from '#lib/usecases/ledger/show-ledger.ts';

export const check = action('ledger.verify', z.strictObject({}), (actor) => checkLedger(actor));
