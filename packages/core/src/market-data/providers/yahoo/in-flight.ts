/** Questions under way at once: more than any gate lets through, so that none of its slots stays empty. */
export const IN_FLIGHT = 32
