"""The contract as documents: OpenAPI, AsyncAPI and JSON Schemas, made from the code, committed beside it."""
