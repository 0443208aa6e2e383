import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const backend = process.env.LINGXI_HTTP ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'dist',
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|react-router|scheduler|cookie|set-cookie-parser)[\\/]/, priority: 3 },
            { name: 'jssip', test: /node_modules[\\/](jssip|sdp-transform|events|debug|ms)[\\/]/, priority: 2 },
            { name: 'antd', test: /node_modules/, priority: 1 },
          ],
        },
      },
    },
  },
  server: {
    proxy: { '/api': { target: backend, ws: true } },
  },
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'test/unit/**/*.test.ts'],
    environment: 'node',
  },
});
