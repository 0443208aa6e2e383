// A refusal of the server (RFC 9457), or the network's silence (status 0), as one kind of error.
export interface FieldError {
  field: string;
  code: string;
  message: string;
}

// What keeps a record from being deleted; without id and name where the reader may not see it.
export interface Use {
  resource: string;
  id: string | null;
  name: string | null;
}

export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: FieldError[];
  readonly retry_after_s: number | null;
  uses: Use[] = [];

  constructor(status: number, code: string, detail: string, errors: FieldError[] = [], retry_after_s: number | null = null) {
    super(detail);
    this.status = status;
    this.code = code;
    this.errors = errors;
    this.retry_after_s = retry_after_s;
  }
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(-1, 'page', error instanceof Error ? error.message : String(error));
}

export async function problemOf(response: Response): Promise<Problem> {
  const retry = Number(response.headers.get('Retry-After'));
  let body: { code?: string; detail?: string; title?: string; errors?: FieldError[]; uses?: Use[] } = {};
  try {
    body = (await response.json()) as typeof body;
  } catch {
    // A proxy's answer need not be JSON; the status tells enough.
  }
  const problem = new Problem(
    response.status,
    body.code ?? '',
    body.detail ?? body.title ?? response.statusText,
    body.errors ?? [],
    Number.isFinite(retry) && retry > 0 ? retry : null,
  );
  problem.uses = body.uses ?? [];
  return problem;
}
