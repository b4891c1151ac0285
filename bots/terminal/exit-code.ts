/** What a script may trust: 0 done, 1 failed, 2 wrong use, 3 off a terminal with only approvals left to wait for. */
export const exitCodes = { done: 0, failed: 1, wrongUse: 2, waiting: 3 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
