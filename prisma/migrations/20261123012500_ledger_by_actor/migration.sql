-- Each signed-in read looks for its own entry of the day.
CREATE INDEX "ledger_actor_id_action_at_idx" ON "ledger"("actor_id", "action", "at");
