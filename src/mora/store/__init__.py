"""What people work on, kept in tables: parties and contact points, cases, attempts, promises, holds, approvals, and the
audit chain. The one Django app that owns tables; SQLite by default, PostgreSQL in production, the same migrations.

The book itself is columnar and stays outside (:mod:`mora.engine`); here lies what people do about it.
"""
