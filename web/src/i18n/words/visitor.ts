export const visitorWords = {} as const;
