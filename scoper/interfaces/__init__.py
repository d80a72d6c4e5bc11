"""What people and programs talk to. Only this package prints, reads the clock or asks the environment."""
