// A client that uses answers of the API by their types, as generated from the OpenAPI document.
import type { components, paths } from "./api";

/** What a GET of a path answers with 200. */
type Answer<P extends keyof paths> = paths[P] extends {
  get: { responses: { 200: { content: { "application/json": infer A } } } };
}
  ? A
  : never;

type Task = Answer<"/warehouse/sync-wix/status/{task_id}">;
type Problem = components["schemas"]["ProblemDocument"];

export function headline(task: Task): string {
  if (task.status === "FAILURE") return task.error ?? "failed";
  if (!task.ready) return `${task.progress.phase}: ${task.progress.done} of ${task.progress.planned}`;
  const result = task.result;
  if (result === undefined) return task.status;
  return "total_sku" in result ? `${result.updated} set` : `${result.updated_in_wix} ${result.outcome}`;
}

export function unfinished(page: Answer<"/api/v1/runs">): string[] {
  return page.runs.filter((run) => run.finished_at === null).map((run) => run.run_id);
}

export function suspects(page: Answer<"/api/v1/runs/{run_id}/lines">): [string, number | null][] {
  return page.lines.filter((line) => line.state === "suspect").map((line) => [line.sku, line.level_after]);
}

export function levels(found: Answer<"/api/v1/skus/{sku}/explanation">): (number | null)[] {
  return "listings" in found.wix ? found.wix.listings.map((listing) => listing.level) : [];
}

export function nextSlots(shops: Answer<"/api/v1/shops">): Record<string, string | null> {
  return Object.fromEntries(shops.map((shop) => [shop.shop, shop.schedule.next_slot]));
}

export function told(problem: Problem): string {
  return `${problem.title} (${problem.error_code ?? problem.code})`;
}
