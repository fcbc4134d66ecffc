"""What must hold of the records of the park, said in SQL, and the triggers that keep it. One file per concept."""
