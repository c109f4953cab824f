import js from '@eslint/js'
import tseslint from 'typescript-eslint'

/** The clock, chance and the environment enter as parameters; their real defaults live in one place each. */
const ambient = [
  {
    object: 'process',
    property: 'env',
    message: 'Read the environment through @sigmasight/core/config.',
  },
  { object: 'Date', property: 'now', message: 'Take a Clock as a parameter.' },
  { object: 'Math', property: 'random', message: 'Take a random source as a parameter.' },
]

export default tseslint.config(
  { ignores: ['**/node_modules/**', '**/dist/**', 'bench-results/**'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './packages/pages/browser/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 70 }],
      'max-params': ['error', 4],
      'no-console': 'error',
      'no-restricted-properties': ['error', ...ambient],
      eqeqeq: 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
    },
  },
  {
    // A describe block is a list of tests, and a test may read the environment it passes on.
    files: ['**/test/**/*.ts', '**/*.test.ts'],
    rules: {
      'max-lines-per-function': 'off',
      'no-restricted-properties': ['error', ambient[2]],
    },
  },
  { files: ['**/*.mjs'], ...tseslint.configs.disableTypeChecked },
)
