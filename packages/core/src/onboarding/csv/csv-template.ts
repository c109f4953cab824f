import { COLUMNS } from './columns.ts'

/** A file to start from: the header, how to fill it in, and one row of each kind. */
export function csvTemplate(): string {
  return [
    '# Positions for SigmaSight: one row per lot. Lines that begin with # are left out.',
    '# Required: Symbol, Quantity (negative = short), Entry Price Per Share, Entry Date (YYYY-MM-DD).',
    '# Investment Class: PUBLIC, OPTIONS or PRIVATE. Market Value is for PRIVATE, in dollars, the whole lot.',
    COLUMNS.join(','),
    'AAPL,100,158.00,2024-01-15,PUBLIC,STOCK,,,,,,,',
    'SPY,-25,480.50,2024-02-01,PUBLIC,ETF,,,,,,,',
    'MSFT,50,340.00,2023-06-01,PUBLIC,STOCK,,,,,2024-03-15,416.42,',
    'SPY280121C00500000,2,31.20,2024-02-20,OPTIONS,CALL,SPY,500.00,2028-01-21,CALL,,,',
    'LAKESIDE-APARTMENTS,1,900000.00,2022-05-10,PRIVATE,REAL_ESTATE,,,,,,,925000.00',
    '',
  ].join('\n')
}
