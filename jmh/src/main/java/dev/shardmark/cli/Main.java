package dev.shardmark.cli;

final class Main {
  public static void main(String[] args) {}
}
