package io.neuralbridge.cost;

class InMemoryUsageStoreTest extends UsageStoreContract {

  @Override
  protected UsageStore newStore() {
    return new InMemoryUsageStore();
  }
}
