package io.neuralbridge.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A data source that fails where a script says so, before or after the real one did its part. */
final class FaultyDataSource {

  /** Where a fault may come. */
  enum Point {
    /** A connection is wanted. */
    CONNECT,
    /** A statement is about to be made. */
    STATEMENT,
    /** It was made: who fails now loses its answer. */
    ANSWER,
    /** The transaction is about to be committed. */
    COMMIT,
    /** It is committed: who fails now loses the answer. */
    COMMITTED
  }

  /** Decides, point by point. Called by many threads. */
  @FunctionalInterface
  interface Script {
    /**
     * What happens at a point: nothing, or a fault.
     *
     * @param sql the statement, empty where there is none
     * @param connection null at {@link Point#CONNECT}
     * @throws SQLException in place of what should happen, or of its answer
     */
    void at(Point point, String sql, Connection connection) throws SQLException;
  }

  private final HikariDataSource real;
  private final AtomicInteger failures = new AtomicInteger();
  private volatile Script script = (point, sql, connection) -> {};

  FaultyDataSource(HikariDataSource real) {
    this.real = real;
  }

  /** The same pool, to fail apart from this one. */
  FaultyDataSource sibling() {
    return new FaultyDataSource(real);
  }

  void follow(Script script) {
    this.script = script;
  }

  void recover() {
    follow((point, sql, connection) -> {});
  }

  /** How often anything has failed, by itself or as it was told. */
  int failures() {
    return failures.get();
  }

  /** Breaks a connection under the feet of whoever has it, as a network does. */
  SQLException lose(Connection connection) throws SQLException {
    connection.unwrap(Connection.class).close();
    real.evictConnection(connection);
    return new SQLException("the connection is lost", "08006");
  }

  DataSource dataSource() {
    return proxy(
        DataSource.class,
        (method, args) -> {
          if (!method.getName().equals("getConnection")) {
            return invoke(real, method, args);
          }
          script.at(Point.CONNECT, "", null);
          return connection((Connection) invoke(real, method, args));
        });
  }

  private Connection connection(Connection connection) {
    return proxy(
        Connection.class,
        (method, args) -> {
          if (method.getName().equals("commit")) {
            script.at(Point.COMMIT, "", connection);
            invoke(connection, method, args);
            script.at(Point.COMMITTED, "", connection);
            return null;
          }
          Object result = invoke(connection, method, args);
          return result instanceof Statement statement
              ? statement(statement, method, firstOf(args), connection)
              : result;
        });
  }

  private Object statement(
      Statement statement, Method maker, String prepared, Connection connection) {
    return proxy(
        maker.getReturnType(),
        (method, args) -> {
          if (!method.getName().startsWith("execute")) {
            return invoke(statement, method, args);
          }
          String sql = prepared.isEmpty() ? firstOf(args) : prepared;
          script.at(Point.STATEMENT, sql, connection);
          Object result = invoke(statement, method, args);
          script.at(Point.ANSWER, sql, connection);
          return result;
        });
  }

  private static String firstOf(Object[] args) {
    return args == null ? "" : args[0].toString();
  }

  private interface Call {
    Object make(Method method, Object[] args) throws Throwable;
  }

  private <T> T proxy(Class<T> type, Call call) {
    InvocationHandler handler =
        (proxy, method, args) -> {
          try {
            return call.make(method, args);
          } catch (SQLException e) {
            failures.incrementAndGet();
            throw e;
          }
        };
    return type.cast(
        Proxy.newProxyInstance(
            FaultyDataSource.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static Object invoke(Object real, Method method, Object[] args) throws Throwable {
    try {
      return method.invoke(real, args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
