package io.neuralbridge.spring.adapter;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what an object of a library that may be absent says of itself. */
final class Duck {

  private Duck() {}

  /**
   * What the method returns, without the {@link Optional} around it and the first of several; null
   * if there is no such method, or it fails: what cannot be read was not said.
   */
  static @Nullable Object ask(Object object, String method, Object... arguments) {
    Class<?>[] types = new Class<?>[arguments.length];
    for (int i = 0; i < types.length; i++) {
      types[i] = arguments[i].getClass();
    }
    Method found = accessible(object.getClass(), method, types);
    if (found == null) {
      return null;
    }
    try {
      return first(found.invoke(object, arguments));
    } catch (IllegalAccessException | InvocationTargetException e) {
      return null;
    }
  }

  private static @Nullable Object first(@Nullable Object answer) {
    if (answer instanceof Optional<?> optional) {
      return optional.orElse(null);
    }
    if (answer instanceof Collection<?> several) {
      return several.isEmpty() ? null : several.iterator().next();
    }
    return answer;
  }

  // A public method of a hidden class can be called through the public type that declares it.
  private static @Nullable Method accessible(Class<?> type, String name, Class<?>[] arguments) {
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      Method method = declared(each, name, arguments);
      if (method != null) {
        return method;
      }
      for (Class<?> face : each.getInterfaces()) {
        method = accessible(face, name, arguments);
        if (method != null) {
          return method;
        }
      }
    }
    return null;
  }

  private static @Nullable Method declared(Class<?> type, String name, Class<?>[] arguments) {
    try {
      Method method = type.getDeclaredMethod(name, arguments);
      boolean open = Modifier.isPublic(method.getModifiers());
      return open && method.trySetAccessible() ? method : null;
    } catch (NoSuchMethodException e) {
      return null;
    }
  }
}
